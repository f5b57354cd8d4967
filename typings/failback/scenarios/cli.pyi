from scenarios.cli import *
