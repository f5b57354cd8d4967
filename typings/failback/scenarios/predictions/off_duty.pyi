from scenarios.predictions.off_duty import *
