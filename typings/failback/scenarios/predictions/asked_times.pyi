from scenarios.predictions.asked_times import *
