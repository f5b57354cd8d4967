from scenarios.runbooks.night_plan import *
