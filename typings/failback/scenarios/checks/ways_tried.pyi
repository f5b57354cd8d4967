from scenarios.checks.ways_tried import *
