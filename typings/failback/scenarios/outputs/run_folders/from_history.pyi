from scenarios.outputs.run_folders.from_history import *
