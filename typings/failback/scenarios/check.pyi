from scenarios.check import *
