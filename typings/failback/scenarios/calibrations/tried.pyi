from scenarios.calibrations.tried import *
