from scenarios.runbooks.pilot_words import *
