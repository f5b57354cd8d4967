from scenarios.run.driver import *
