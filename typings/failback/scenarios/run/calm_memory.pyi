from scenarios.run.calm_memory import *
