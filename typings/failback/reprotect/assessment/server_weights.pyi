from reprotect.assessment.server_weights import *
