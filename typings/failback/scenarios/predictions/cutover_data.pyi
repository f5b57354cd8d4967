from scenarios.predictions.cutover_data import *
