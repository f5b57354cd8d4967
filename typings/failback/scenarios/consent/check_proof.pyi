from scenarios.consent.check_proof import *
