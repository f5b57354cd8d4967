from simulator.arm.reads.networks import *
