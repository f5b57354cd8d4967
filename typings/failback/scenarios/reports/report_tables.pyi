from scenarios.reports.report_tables import *
