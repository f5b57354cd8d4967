from simulator.arm.state.context import *
