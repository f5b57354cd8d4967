from scenarios.estates.handouts import *
