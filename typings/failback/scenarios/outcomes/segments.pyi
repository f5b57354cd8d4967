from scenarios.outcomes.segments import *
