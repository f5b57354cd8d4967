from scenarios.study.outage import *
