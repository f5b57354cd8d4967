from scenarios.calibrations.measured_jobs import *
