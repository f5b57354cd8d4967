from scenarios.calibrations.fitting import *
