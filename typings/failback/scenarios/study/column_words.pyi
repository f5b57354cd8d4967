from scenarios.study.column_words import *
