from reprotect.drill_page import *
