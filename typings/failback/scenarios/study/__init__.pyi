from scenarios.study import *
