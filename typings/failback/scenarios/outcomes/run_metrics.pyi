from scenarios.outcomes.run_metrics import *
