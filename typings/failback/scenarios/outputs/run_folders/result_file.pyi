from scenarios.outputs.run_folders.result_file import *
