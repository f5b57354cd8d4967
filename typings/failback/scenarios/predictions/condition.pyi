from scenarios.predictions.condition import *
