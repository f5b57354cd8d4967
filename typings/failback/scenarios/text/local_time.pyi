from scenarios.text.local_time import *
