from scenarios.checks import *
