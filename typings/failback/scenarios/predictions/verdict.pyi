from scenarios.predictions.verdict import *
