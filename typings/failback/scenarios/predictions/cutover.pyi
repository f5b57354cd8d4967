from scenarios.predictions.cutover import *
