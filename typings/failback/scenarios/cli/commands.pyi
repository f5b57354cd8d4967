from scenarios.cli.commands import *
