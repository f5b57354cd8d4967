from scenarios.runbooks.sheets import *
