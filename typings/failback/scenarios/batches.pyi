from scenarios.batches import *
