from docs import *
