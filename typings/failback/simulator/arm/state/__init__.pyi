from simulator.arm.state import *
