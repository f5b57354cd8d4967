from scenarios.levers import *
