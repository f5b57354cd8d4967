from scenarios.checks.import_tasks import *
