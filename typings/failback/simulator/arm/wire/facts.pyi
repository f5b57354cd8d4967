from simulator.arm.wire.facts import *
