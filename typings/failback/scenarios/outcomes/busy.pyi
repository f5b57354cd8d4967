from scenarios.outcomes.busy import *
