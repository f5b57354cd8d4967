from scenarios.report_command import *
