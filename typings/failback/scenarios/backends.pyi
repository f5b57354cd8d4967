from scenarios.backends import *
