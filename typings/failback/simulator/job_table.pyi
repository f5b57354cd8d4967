from simulator.job_table import *
