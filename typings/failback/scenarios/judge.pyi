from scenarios.judge import *
