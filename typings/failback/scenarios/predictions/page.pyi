from scenarios.predictions.page import *
