from scenarios.predictions.cutover_picture import *
