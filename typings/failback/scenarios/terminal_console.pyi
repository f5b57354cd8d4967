from scenarios.terminal_console import *
