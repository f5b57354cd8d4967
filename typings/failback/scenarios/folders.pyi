from scenarios.folders import *
