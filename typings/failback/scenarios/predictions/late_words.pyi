from scenarios.predictions.late_words import *
