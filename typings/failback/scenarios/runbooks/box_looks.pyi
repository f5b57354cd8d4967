from scenarios.runbooks.box_looks import *
