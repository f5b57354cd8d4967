from scenarios.runbooks.pilot_end import *
