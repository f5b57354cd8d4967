from simulator.arm.wire.response import *
