from scenarios.watching.tonight import *
