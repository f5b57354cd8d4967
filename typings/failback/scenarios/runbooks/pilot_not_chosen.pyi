from scenarios.runbooks.pilot_not_chosen import *
