from scenarios.text.plain_words import *
