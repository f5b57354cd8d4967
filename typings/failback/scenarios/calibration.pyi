from scenarios.calibration import *
