from simulator.arm.wire import *
