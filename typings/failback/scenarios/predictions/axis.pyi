from scenarios.predictions.axis import *
