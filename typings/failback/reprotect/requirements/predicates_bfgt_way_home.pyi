from reprotect.requirements.predicates_bfgt_way_home import *
