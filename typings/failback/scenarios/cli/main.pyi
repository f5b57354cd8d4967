from scenarios.cli.main import *
