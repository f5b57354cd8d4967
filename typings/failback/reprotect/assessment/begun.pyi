from reprotect.assessment.begun import *
