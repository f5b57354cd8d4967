from scenarios.reports.waited import *
