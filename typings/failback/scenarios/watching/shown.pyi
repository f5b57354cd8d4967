from scenarios.watching.shown import *
