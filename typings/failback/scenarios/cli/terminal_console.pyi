from scenarios.cli.terminal_console import *
