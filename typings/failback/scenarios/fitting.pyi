from scenarios.fitting import *
