from scenarios.reports.report_gantt import *
