from simulator.arm.wire.naming import *
