from scenarios.predictions.earlier_start import *
