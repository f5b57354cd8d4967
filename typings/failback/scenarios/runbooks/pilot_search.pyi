from scenarios.runbooks.pilot_search import *
