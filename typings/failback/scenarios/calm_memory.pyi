from scenarios.calm_memory import *
