from scenarios.outputs.kinds import *
