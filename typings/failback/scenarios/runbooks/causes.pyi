from scenarios.runbooks.causes import *
