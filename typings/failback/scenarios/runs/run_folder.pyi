from scenarios.runs.run_folder import *
