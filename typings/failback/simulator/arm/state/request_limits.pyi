from simulator.arm.state.request_limits import *
