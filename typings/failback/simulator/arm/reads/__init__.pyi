from simulator.arm.reads import *
