from reprotect.requirements.cases import *
