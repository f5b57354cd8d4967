from scenarios.check_rows import *
