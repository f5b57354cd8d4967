from scenarios.run.confirmation import *
