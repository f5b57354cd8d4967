from scenarios.run.labels import *
