from scenarios.study.study import *
