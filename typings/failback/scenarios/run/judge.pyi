from scenarios.run.judge import *
