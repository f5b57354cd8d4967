from scenarios.reports.report import *
