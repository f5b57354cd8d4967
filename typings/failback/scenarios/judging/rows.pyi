from scenarios.judging.rows import *
