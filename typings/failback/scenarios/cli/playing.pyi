from scenarios.cli.playing import *
