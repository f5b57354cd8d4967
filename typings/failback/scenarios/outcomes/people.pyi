from scenarios.outcomes.people import *
