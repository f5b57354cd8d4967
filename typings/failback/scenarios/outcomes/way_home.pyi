from scenarios.outcomes.way_home import *
