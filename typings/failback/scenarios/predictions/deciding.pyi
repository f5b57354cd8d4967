from scenarios.predictions.deciding import *
