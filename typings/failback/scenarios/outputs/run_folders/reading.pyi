from scenarios.outputs.run_folders.reading import *
