from scenarios.checks.as_if_fixed import *
