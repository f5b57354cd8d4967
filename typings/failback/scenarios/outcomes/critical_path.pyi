from scenarios.outcomes.critical_path import *
