from scenarios.estates.new_request import *
