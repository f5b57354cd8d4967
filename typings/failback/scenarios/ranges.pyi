from scenarios.ranges import *
