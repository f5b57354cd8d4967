from scenarios.estates.join import *
