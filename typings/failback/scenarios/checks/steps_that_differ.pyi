from scenarios.checks.steps_that_differ import *
