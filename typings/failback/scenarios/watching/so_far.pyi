from scenarios.watching.so_far import *
