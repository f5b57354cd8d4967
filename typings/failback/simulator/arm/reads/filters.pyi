from simulator.arm.reads.filters import *
