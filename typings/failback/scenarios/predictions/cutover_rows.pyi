from scenarios.predictions.cutover_rows import *
