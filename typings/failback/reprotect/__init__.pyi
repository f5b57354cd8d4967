from reprotect import *
