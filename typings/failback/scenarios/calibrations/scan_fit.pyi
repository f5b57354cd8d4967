from scenarios.calibrations.scan_fit import *
