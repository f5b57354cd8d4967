from scenarios.predictions.helps_tile import *
