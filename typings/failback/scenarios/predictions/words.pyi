from scenarios.predictions.words import *
