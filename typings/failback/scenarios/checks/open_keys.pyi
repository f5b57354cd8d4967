from scenarios.checks.open_keys import *
