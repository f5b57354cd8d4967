from scenarios.checks.rows import *
