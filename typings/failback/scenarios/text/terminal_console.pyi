from scenarios.text.terminal_console import *
