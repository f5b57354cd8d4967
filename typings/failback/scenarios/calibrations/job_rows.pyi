from scenarios.calibrations.job_rows import *
