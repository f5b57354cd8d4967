from scenarios.runbooks.fewer_machines import *
