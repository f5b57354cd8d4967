from scenarios.estates.recipe import *
