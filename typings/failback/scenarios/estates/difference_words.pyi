from scenarios.estates.difference_words import *
