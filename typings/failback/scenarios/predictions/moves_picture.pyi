from scenarios.predictions.moves_picture import *
