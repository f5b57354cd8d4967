from scenarios.runbooks.pilot_less_at_stake import *
