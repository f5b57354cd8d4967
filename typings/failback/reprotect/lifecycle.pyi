from reprotect.lifecycle import *
