from scenarios.predictions.tiles import *
