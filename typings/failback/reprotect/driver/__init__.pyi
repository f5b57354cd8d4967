from reprotect.driver import *
