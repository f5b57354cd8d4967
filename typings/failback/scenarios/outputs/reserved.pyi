from scenarios.outputs.reserved import *
