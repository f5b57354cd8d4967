from scenarios.estates.mismatch_words import *
