from simulator.arm.reads.containers import *
