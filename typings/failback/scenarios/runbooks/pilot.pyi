from scenarios.runbooks.pilot import *
