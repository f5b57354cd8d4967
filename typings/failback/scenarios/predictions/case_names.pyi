from scenarios.predictions.case_names import *
