from reprotect.ports import *
