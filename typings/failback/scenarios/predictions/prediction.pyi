from scenarios.predictions.prediction import *
