from reprotect.drill.plan_jobs import *
