from reprotect.assessment import *
