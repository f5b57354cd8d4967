from simulator.arm.wire.resource_names import *
