from scenarios.checks.corrected import *
