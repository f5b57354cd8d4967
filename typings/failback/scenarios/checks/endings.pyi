from scenarios.checks.endings import *
