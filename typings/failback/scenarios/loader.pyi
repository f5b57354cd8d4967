from scenarios.loader import *
