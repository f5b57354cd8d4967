from scenarios.runbooks.on_site import *
