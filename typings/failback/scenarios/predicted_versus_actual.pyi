from scenarios.predicted_versus_actual import *
