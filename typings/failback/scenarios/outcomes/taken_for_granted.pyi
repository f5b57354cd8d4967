from scenarios.outcomes.taken_for_granted import *
