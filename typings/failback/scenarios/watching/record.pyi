from scenarios.watching.record import *
