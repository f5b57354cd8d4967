from scenarios.reports.telling import *
