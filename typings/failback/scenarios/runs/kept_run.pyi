from scenarios.runs.kept_run import *
