from simulator.arm.reads.policies import *
