from reprotect.decisions import *
