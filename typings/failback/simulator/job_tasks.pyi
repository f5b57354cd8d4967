from simulator.job_tasks import *
