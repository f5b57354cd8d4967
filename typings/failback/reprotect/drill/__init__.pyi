from reprotect.drill import *
