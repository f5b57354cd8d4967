from scenarios.outcomes.kept_together import *
