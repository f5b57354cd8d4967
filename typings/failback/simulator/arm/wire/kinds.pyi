from simulator.arm.wire.kinds import *
