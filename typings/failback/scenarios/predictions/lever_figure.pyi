from scenarios.predictions.lever_figure import *
