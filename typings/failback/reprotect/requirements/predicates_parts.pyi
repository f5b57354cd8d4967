from reprotect.requirements.predicates_parts import *
