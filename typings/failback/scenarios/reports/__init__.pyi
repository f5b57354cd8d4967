from scenarios.reports import *
