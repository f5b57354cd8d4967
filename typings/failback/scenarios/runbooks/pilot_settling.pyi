from scenarios.runbooks.pilot_settling import *
