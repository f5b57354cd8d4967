from scenarios.checks.told import *
