from scenarios.estates.places import *
