from reprotect.requirements.predicates_shared import *
