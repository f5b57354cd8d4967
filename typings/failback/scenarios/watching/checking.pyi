from scenarios.watching.checking import *
