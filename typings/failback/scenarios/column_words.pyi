from scenarios.column_words import *
