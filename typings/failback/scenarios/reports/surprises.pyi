from scenarios.reports.surprises import *
