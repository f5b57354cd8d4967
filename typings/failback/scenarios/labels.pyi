from scenarios.labels import *
