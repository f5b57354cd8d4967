from scenarios.runbooks.owners_asked import *
