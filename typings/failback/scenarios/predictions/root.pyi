from scenarios.predictions.root import *
