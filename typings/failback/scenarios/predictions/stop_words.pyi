from scenarios.predictions.stop_words import *
