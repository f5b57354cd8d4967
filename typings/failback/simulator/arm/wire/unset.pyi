from simulator.arm.wire.unset import *
