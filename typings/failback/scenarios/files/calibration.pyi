from scenarios.files.calibration import *
