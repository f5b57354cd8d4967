from scenarios.watching import *
