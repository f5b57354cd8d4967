from scenarios.predictions.seed_guess import *
