from scenarios.outcomes.witness import *
