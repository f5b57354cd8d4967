from scenarios.runbooks.scripts import *
