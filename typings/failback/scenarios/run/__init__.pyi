from scenarios.run import *
