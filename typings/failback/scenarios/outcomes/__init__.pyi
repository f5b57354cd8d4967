from scenarios.outcomes import *
