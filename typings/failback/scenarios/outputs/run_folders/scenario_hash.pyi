from scenarios.outputs.run_folders.scenario_hash import *
