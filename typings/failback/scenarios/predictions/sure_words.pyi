from scenarios.predictions.sure_words import *
