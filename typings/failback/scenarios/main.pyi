from scenarios.main import *
