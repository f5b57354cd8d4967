from simulator.arm.reads.looking_up import *
