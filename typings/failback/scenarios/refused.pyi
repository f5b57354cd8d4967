from scenarios.refused import *
