from scenarios.player import *
