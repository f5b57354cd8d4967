from scenarios.predictions.levers import *
