from simulator.arm.control import *
