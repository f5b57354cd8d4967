from scenarios.estates.vcenters import *
