from scenarios.checks.unanswered import *
