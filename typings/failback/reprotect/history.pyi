from reprotect.history import *
