from scenarios.runbooks.rows import *
