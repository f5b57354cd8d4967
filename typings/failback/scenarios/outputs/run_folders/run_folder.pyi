from scenarios.outputs.run_folders.run_folder import *
