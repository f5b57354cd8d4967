from scenarios.runbooks.leg_costs import *
