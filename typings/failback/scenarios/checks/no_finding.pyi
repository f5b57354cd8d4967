from scenarios.checks.no_finding import *
