from scenarios.run.result import *
