from reprotect.estate.travel import *
