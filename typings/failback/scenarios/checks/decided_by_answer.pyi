from scenarios.checks.decided_by_answer import *
