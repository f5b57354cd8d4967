from scenarios.predictions.rows import *
