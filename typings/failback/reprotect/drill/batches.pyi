from reprotect.drill.batches import *
