from simulator.arm import *
