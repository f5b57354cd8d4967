from scenarios.runbooks.pilot_notes import *
