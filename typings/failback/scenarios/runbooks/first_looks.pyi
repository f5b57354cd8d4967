from scenarios.runbooks.first_looks import *
