from scenarios.predictions.curve import *
