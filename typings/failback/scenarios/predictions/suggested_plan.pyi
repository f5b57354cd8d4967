from scenarios.predictions.suggested_plan import *
