from scenarios.predictions.seeded_plan import *
