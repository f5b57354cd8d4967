from scenarios.result import *
