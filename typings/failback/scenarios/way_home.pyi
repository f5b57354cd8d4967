from scenarios.way_home import *
