from scenarios.predictions.stay import *
