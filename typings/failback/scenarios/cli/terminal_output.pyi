from scenarios.cli.terminal_output import *
