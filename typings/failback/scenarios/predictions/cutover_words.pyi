from scenarios.predictions.cutover_words import *
