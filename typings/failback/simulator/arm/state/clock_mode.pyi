from simulator.arm.state.clock_mode import *
