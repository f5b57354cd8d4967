from scenarios.runbooks.pilot_times import *
