from scenarios.checks.explained import *
