from reprotect.evolve import *
