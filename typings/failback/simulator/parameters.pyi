from simulator.parameters import *
