from scenarios.predictions.latest_minute import *
