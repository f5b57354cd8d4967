from scenarios.study.backends import *
