from scenarios.operator import *
