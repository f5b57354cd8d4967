from scenarios.spreading import *
