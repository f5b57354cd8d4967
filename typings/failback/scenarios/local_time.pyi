from scenarios.local_time import *
