from scenarios.stay import *
