from scenarios.runbooks.night_calls import *
