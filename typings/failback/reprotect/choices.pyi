from reprotect.choices import *
