from scenarios.predictions.case_answer import *
