from scenarios.cli.options import *
