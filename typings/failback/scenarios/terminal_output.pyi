from scenarios.terminal_output import *
