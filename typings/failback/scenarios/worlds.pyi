from scenarios.worlds import *
