from scenarios.predictions.tile import *
