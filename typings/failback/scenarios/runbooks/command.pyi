from scenarios.runbooks.command import *
