from scenarios.watching.ahead import *
