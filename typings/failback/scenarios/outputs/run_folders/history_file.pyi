from scenarios.outputs.run_folders.history_file import *
