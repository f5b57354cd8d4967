from scenarios.checks.why import *
