from scenarios.predict_words import *
