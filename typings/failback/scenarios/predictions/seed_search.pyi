from scenarios.predictions.seed_search import *
