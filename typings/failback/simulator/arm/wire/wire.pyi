from simulator.arm.wire.wire import *
