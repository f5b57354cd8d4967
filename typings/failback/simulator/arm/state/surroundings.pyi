from simulator.arm.state.surroundings import *
