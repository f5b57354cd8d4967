from scenarios.outputs.path_checks import *
