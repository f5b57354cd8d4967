from scenarios.runbooks.fix_first import *
