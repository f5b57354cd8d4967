from scenarios.predictions.lever_rows import *
