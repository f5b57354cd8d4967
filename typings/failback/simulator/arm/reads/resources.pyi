from simulator.arm.reads.resources import *
