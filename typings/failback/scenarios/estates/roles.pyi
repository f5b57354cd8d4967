from scenarios.estates.roles import *
