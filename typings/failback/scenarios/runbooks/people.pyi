from scenarios.runbooks.people import *
