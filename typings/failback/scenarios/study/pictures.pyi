from scenarios.study.pictures import *
