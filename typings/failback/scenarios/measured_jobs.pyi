from scenarios.measured_jobs import *
