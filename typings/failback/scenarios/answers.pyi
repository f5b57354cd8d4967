from scenarios.answers import *
