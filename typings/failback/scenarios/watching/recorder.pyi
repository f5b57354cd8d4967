from scenarios.watching.recorder import *
