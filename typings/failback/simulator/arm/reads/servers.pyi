from simulator.arm.reads.servers import *
