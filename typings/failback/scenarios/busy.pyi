from scenarios.busy import *
