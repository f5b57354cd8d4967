from scenarios.checks.summary import *
