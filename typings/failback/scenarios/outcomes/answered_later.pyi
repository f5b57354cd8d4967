from scenarios.outcomes.answered_later import *
