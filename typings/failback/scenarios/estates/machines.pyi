from scenarios.estates.machines import *
