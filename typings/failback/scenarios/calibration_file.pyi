from scenarios.calibration_file import *
