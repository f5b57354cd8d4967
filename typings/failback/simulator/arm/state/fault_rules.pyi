from simulator.arm.state.fault_rules import *
