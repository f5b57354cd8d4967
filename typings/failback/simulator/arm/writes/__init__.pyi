from simulator.arm.writes import *
