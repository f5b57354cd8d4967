from scenarios.outputs.run_folders.instructions import *
