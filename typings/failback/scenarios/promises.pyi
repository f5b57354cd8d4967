from scenarios.promises import *
