from scenarios.report import *
