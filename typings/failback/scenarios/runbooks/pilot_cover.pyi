from scenarios.runbooks.pilot_cover import *
