from scenarios.files.calibration_file import *
