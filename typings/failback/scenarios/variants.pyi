from scenarios.variants import *
