from scenarios.check_worlds import *
