from scenarios.estates.mismatches import *
