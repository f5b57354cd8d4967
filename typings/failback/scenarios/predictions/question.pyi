from scenarios.predictions.question import *
