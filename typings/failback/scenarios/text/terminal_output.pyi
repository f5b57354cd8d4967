from scenarios.text.terminal_output import *
