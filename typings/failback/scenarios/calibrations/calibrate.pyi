from scenarios.calibrations.calibrate import *
