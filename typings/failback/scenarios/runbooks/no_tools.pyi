from scenarios.runbooks.no_tools import *
