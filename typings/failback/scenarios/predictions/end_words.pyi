from scenarios.predictions.end_words import *
