from scenarios.study.words import *
