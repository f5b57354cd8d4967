from scenarios.predictions.measurements import *
