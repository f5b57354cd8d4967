from scenarios.estates.told import *
