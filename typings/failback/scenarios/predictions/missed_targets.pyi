from scenarios.predictions.missed_targets import *
