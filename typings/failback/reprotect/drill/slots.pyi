from reprotect.drill.slots import *
