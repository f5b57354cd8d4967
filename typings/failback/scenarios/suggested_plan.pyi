from scenarios.suggested_plan import *
