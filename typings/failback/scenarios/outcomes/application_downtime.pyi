from scenarios.outcomes.application_downtime import *
