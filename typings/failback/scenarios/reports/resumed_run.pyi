from scenarios.reports.resumed_run import *
