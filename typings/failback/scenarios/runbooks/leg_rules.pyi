from scenarios.runbooks.leg_rules import *
