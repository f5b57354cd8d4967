from scenarios.runbooks.took import *
