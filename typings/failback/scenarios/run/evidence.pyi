from scenarios.run.evidence import *
