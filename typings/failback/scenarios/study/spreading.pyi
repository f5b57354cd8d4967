from scenarios.study.spreading import *
