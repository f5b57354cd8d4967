from simulator.arm.reads.items import *
