from scenarios.predictions.answered import *
