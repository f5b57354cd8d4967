from scenarios.predictions.wave_last_go import *
