from scenarios.watching.command import *
