from scenarios.runbooks.gaps import *
