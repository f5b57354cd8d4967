from scenarios.predictions.sampling import *
