from scenarios.estates.phases_told import *
