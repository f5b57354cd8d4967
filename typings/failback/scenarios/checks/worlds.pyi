from scenarios.checks.worlds import *
