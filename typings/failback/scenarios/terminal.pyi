from scenarios.terminal import *
