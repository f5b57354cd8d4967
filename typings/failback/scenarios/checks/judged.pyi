from scenarios.checks.judged import *
