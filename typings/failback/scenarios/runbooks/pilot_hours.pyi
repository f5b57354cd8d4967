from scenarios.runbooks.pilot_hours import *
