from scenarios.watching.places import *
