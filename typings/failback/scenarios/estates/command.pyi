from scenarios.estates.command import *
