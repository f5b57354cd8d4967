from reprotect.requirements import *
