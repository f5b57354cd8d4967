from scenarios.predictions.predict import *
