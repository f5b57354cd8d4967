from scenarios.runbooks.met_rules import *
