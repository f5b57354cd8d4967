from scenarios.calibrations.predicted_versus_actual import *
