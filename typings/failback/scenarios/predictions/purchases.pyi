from scenarios.predictions.purchases import *
