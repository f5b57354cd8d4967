from reprotect.requirements.verdict import *
