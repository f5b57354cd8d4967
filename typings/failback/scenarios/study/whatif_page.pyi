from scenarios.study.whatif_page import *
