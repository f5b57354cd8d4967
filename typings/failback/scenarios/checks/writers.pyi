from scenarios.checks.writers import *
