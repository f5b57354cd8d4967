from scenarios.slot_loads import *
