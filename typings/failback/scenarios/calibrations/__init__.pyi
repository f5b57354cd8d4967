from scenarios.calibrations import *
