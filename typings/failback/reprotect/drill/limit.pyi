from reprotect.drill.limit import *
