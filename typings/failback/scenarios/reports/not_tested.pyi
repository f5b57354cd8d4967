from scenarios.reports.not_tested import *
