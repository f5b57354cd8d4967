from scenarios.estates import *
