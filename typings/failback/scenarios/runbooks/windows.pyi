from scenarios.runbooks.windows import *
