from scenarios.estates.addresses import *
