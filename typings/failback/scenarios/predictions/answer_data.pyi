from scenarios.predictions.answer_data import *
