from reprotect.estate import *
