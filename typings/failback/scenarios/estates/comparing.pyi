from scenarios.estates.comparing import *
