from reprotect.requirements.other_parts import *
