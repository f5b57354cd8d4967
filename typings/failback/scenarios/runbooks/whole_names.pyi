from scenarios.runbooks.whole_names import *
