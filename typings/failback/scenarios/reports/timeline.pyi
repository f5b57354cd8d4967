from scenarios.reports.timeline import *
