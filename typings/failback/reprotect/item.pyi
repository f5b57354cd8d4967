from reprotect.item import *
