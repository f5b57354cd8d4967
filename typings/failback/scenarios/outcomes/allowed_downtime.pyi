from scenarios.outcomes.allowed_downtime import *
