from scenarios.estates.turns import *
