from scenarios.reports.kept_run import *
