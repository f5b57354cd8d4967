from scenarios.estates.machines_left_out import *
