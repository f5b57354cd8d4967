from scenarios.outputs.lock import *
