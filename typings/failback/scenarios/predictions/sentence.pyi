from scenarios.predictions.sentence import *
