from scenarios.checks.check import *
