from simulator.arm.reads.linked import *
