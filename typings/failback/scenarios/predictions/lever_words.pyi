from scenarios.predictions.lever_words import *
