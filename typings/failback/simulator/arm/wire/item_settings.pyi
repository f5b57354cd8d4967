from simulator.arm.wire.item_settings import *
