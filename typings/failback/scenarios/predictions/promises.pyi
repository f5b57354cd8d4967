from scenarios.predictions.promises import *
