from scenarios.runbooks.pilot_rows import *
