from scenarios.sensitivity import *
