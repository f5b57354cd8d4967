from scenarios.predictions.cutover_notes import *
