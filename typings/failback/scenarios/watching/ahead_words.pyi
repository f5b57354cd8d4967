from scenarios.watching.ahead_words import *
