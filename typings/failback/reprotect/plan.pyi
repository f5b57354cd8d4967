from reprotect.plan import *
