from scenarios.reports.run_summary import *
