from scenarios.outputs.run_folders.history_lines import *
