from scenarios.watching.watch import *
