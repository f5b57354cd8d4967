from scenarios.sampling import *
