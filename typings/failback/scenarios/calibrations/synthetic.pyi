from scenarios.calibrations.synthetic import *
