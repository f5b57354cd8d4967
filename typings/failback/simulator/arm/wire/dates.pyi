from simulator.arm.wire.dates import *
