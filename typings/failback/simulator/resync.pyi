from simulator.resync import *
