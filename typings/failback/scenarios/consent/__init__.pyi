from scenarios.consent import *
