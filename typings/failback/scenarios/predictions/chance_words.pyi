from scenarios.predictions.chance_words import *
