from scenarios.predictions.purchase import *
