from scenarios.predictions.searches import *
