from scenarios.outcomes.stand_ins import *
