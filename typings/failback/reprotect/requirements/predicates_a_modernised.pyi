from reprotect.requirements.predicates_a_modernised import *
