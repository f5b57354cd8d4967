from scenarios.checks.sarif_names import *
