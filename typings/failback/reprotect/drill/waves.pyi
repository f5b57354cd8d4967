from reprotect.drill.waves import *
