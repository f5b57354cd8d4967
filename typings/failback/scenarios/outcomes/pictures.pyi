from scenarios.outcomes.pictures import *
