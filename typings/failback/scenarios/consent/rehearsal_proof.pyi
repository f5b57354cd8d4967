from scenarios.consent.rehearsal_proof import *
