from scenarios.checks.accept import *
