from scenarios.outputs.run_folders.journal import *
