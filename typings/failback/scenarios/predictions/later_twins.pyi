from scenarios.predictions.later_twins import *
