from reprotect.request_members import *
