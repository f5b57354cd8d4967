from scenarios.predictions.case_rows import *
