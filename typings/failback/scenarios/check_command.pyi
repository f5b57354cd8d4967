from scenarios.check_command import *
