from simulator.arm.reads.job_export import *
