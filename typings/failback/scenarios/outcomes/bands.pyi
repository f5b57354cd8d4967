from scenarios.outcomes.bands import *
