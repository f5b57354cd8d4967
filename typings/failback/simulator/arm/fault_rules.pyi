from simulator.arm.fault_rules import *
