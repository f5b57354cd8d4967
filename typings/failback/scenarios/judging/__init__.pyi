from scenarios.judging import *
