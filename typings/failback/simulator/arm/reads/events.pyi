from simulator.arm.reads.events import *
