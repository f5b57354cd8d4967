from scenarios.study.progress import *
