from scenarios.watching.clock import *
