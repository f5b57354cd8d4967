from scenarios.predictions.slot_loads import *
