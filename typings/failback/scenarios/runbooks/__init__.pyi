from scenarios.runbooks import *
