from scenarios.scan_fit import *
