from scenarios.run.shifts import *
