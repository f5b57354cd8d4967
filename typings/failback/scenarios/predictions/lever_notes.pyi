from scenarios.predictions.lever_notes import *
