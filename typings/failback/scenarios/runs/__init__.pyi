from scenarios.runs import *
