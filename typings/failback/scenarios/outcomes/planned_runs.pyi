from scenarios.outcomes.planned_runs import *
