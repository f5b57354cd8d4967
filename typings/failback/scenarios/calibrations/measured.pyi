from scenarios.calibrations.measured import *
