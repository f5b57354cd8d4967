from scenarios.cli.detached import *
