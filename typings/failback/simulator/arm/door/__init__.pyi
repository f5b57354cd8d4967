from simulator.arm.door import *
