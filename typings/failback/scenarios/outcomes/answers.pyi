from scenarios.outcomes.answers import *
