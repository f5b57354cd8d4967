from scenarios.calibrate import *
