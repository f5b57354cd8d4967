from scenarios.study.rows import *
