from scenarios.runbooks.application_rows import *
