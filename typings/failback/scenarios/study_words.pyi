from scenarios.study_words import *
