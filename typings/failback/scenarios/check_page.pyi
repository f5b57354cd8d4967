from scenarios.check_page import *
