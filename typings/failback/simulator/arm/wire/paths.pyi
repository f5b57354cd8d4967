from simulator.arm.wire.paths import *
