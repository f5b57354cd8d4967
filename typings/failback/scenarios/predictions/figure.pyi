from scenarios.predictions.figure import *
