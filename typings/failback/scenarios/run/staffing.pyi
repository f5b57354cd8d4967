from scenarios.run.staffing import *
