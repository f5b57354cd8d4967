from scenarios.checks.again import *
