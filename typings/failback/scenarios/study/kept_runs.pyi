from scenarios.study.kept_runs import *
