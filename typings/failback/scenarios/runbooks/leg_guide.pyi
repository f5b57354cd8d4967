from scenarios.runbooks.leg_guide import *
