from scenarios.study.whatif import *
