from reprotect.phases import *
