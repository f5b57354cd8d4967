from scenarios.predictions.measurement_rows import *
