from scenarios.judging.passed_over import *
