from scenarios.cli.terminal import *
