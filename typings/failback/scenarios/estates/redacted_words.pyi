from scenarios.estates.redacted_words import *
