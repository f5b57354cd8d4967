from scenarios.checks.fill import *
