from scenarios.run.worlds import *
