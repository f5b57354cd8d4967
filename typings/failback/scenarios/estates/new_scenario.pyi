from scenarios.estates.new_scenario import *
