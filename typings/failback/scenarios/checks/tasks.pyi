from scenarios.checks.tasks import *
