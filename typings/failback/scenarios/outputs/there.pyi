from scenarios.outputs.there import *
