from simulator.arm.state.consistency import *
