from scenarios.outcomes.work_on_site import *
