from scenarios.driver import *
