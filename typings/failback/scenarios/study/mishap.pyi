from scenarios.study.mishap import *
