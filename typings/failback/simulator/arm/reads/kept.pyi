from simulator.arm.reads.kept import *
