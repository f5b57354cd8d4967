from simulator.arm.state.inputs import *
