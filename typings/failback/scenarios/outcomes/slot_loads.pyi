from scenarios.outcomes.slot_loads import *
