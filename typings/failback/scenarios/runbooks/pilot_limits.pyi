from scenarios.runbooks.pilot_limits import *
