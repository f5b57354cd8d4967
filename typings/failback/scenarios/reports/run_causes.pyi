from scenarios.reports.run_causes import *
