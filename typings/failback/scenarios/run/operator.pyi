from scenarios.run.operator import *
