from scenarios.checks.sarif import *
