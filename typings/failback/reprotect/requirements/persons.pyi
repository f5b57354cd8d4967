from reprotect.requirements.persons import *
