from scenarios.outcomes.planned_downtime import *
