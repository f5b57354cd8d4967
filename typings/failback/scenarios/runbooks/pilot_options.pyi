from scenarios.runbooks.pilot_options import *
