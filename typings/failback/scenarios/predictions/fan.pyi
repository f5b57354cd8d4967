from scenarios.predictions.fan import *
