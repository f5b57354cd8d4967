from scenarios.predictions.condition_words import *
