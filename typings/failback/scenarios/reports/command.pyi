from scenarios.reports.command import *
