from scenarios.consent.approve import *
