from scenarios.runbooks.home_places import *
