from scenarios.checks.causes import *
