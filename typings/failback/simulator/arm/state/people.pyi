from simulator.arm.state.people import *
