from scenarios.confirmation import *
