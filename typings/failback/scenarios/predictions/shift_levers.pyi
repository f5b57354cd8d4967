from scenarios.predictions.shift_levers import *
