from reprotect.drill.guards import *
