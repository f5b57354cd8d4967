from scenarios.coverage import *
