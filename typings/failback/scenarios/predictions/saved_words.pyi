from scenarios.predictions.saved_words import *
