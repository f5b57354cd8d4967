from scenarios.study.batches import *
