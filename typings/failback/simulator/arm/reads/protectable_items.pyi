from simulator.arm.reads.protectable_items import *
