from scenarios.outcomes.server_batches import *
