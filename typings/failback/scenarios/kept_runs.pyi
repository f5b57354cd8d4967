from scenarios.kept_runs import *
