from scenarios.outcomes.unprotected import *
