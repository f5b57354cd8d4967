from scenarios.timeline import *
