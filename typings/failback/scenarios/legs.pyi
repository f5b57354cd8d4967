from scenarios.legs import *
