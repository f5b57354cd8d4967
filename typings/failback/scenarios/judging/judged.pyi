from scenarios.judging.judged import *
