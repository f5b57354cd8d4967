from scenarios.predictions.usual_purchases import *
