from scenarios.files.time_zones import *
