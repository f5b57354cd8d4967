from scenarios.whatif_page import *
