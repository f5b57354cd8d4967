from reprotect.commands import *
