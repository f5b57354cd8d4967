from reprotect.events import *
