from scenarios.runbooks.remaining import *
