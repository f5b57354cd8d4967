from reprotect.requirements.predicates_mnp_servers import *
