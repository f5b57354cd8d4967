from scenarios.comparing import *
