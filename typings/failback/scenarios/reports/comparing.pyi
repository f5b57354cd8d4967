from scenarios.reports.comparing import *
