from scenarios.checks.command import *
