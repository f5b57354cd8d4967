from scenarios.outputs.folders import *
