from scenarios.run.instructions import *
