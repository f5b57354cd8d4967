from scenarios.runbooks.pilot_goals import *
