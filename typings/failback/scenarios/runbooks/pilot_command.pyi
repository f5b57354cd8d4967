from scenarios.runbooks.pilot_command import *
