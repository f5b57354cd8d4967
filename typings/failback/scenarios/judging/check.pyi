from scenarios.judging.check import *
