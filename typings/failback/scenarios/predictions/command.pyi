from scenarios.predictions.command import *
