from scenarios.pictures import *
