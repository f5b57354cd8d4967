from scenarios.mishap import *
