from scenarios.predictions.missed_tile import *
