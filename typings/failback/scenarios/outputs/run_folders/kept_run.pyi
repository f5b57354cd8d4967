from scenarios.outputs.run_folders.kept_run import *
