from scenarios.runbooks.network_rows import *
