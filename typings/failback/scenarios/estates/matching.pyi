from scenarios.estates.matching import *
