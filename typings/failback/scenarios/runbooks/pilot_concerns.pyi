from scenarios.runbooks.pilot_concerns import *
