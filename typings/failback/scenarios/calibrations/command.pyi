from scenarios.calibrations.command import *
