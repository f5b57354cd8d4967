from simulator.arm.state.armed_rules import *
