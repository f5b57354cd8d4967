from scenarios.outputs.run_folders.identity import *
