from scenarios.predictions.if_fixed import *
