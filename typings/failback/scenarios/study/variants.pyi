from scenarios.study.variants import *
