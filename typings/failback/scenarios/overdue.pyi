from scenarios.overdue import *
