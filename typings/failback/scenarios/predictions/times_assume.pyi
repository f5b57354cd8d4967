from scenarios.predictions.times_assume import *
