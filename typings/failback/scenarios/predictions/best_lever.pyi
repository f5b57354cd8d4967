from scenarios.predictions.best_lever import *
