from scenarios.schema import *
