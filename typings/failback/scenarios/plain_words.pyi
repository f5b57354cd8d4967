from scenarios.plain_words import *
