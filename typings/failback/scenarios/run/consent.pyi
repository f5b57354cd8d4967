from scenarios.run.consent import *
