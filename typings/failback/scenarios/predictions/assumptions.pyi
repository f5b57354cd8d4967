from scenarios.predictions.assumptions import *
