from simulator.job_kinds import *
