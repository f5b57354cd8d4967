from scenarios.outputs.run_folders import *
