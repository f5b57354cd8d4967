from scenarios.study.readable import *
