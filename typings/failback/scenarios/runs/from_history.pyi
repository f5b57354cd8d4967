from scenarios.runs.from_history import *
