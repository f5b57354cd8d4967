from scenarios.critical_path import *
