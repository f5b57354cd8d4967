from scenarios.calibrations.measured_history import *
