from simulator.arm.reads.item_facts import *
