from scenarios.predictions.figures import *
