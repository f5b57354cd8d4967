from scenarios.study.sensitivity import *
