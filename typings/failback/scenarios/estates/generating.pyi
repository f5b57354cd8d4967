from scenarios.estates.generating import *
