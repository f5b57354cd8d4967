from scenarios.outcomes.hours_of_day import *
