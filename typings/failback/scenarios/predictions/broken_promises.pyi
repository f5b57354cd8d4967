from scenarios.predictions.broken_promises import *
