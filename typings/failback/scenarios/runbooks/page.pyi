from scenarios.runbooks.page import *
