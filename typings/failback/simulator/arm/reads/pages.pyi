from simulator.arm.reads.pages import *
