from simulator.arm.wire.body_fields import *
