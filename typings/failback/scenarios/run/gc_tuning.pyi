from scenarios.run.gc_tuning import *
