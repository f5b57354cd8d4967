from scenarios.outcomes.stretches import *
