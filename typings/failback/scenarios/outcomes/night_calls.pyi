from scenarios.outcomes.night_calls import *
