from scenarios.assumptions import *
