from scenarios.study.ranges import *
