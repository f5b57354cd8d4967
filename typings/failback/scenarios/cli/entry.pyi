from scenarios.cli.entry import *
