from scenarios.predictions.lever_effects import *
