from scenarios.predictions.latest_start import *
