from scenarios.prediction import *
