from scenarios.predictions.cutover_figures import *
