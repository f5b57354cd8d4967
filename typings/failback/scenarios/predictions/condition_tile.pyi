from scenarios.predictions.condition_tile import *
