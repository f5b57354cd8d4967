from scenarios.synthetic import *
