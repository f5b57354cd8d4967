from scenarios.runbooks.stays_away import *
