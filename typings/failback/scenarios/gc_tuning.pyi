from scenarios.gc_tuning import *
