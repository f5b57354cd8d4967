from scenarios.comparing_page import *
