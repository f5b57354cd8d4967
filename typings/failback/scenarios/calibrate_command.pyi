from scenarios.calibrate_command import *
