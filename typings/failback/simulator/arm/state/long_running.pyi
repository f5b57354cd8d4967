from simulator.arm.state.long_running import *
