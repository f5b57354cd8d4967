from scenarios.study.repaired import *
