from scenarios.run.legs import *
