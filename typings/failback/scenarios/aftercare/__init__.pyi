from scenarios.aftercare import *
