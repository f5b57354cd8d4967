from simulator.arm.reads.fabrics import *
