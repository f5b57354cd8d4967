from scenarios.predictions.plan_rows import *
