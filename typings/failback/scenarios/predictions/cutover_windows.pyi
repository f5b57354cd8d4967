from scenarios.predictions.cutover_windows import *
