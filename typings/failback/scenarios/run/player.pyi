from scenarios.run.player import *
