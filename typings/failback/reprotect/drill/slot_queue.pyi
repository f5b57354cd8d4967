from reprotect.drill.slot_queue import *
