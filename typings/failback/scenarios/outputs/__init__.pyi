from scenarios.outputs import *
