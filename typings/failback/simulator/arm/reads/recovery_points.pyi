from simulator.arm.reads.recovery_points import *
