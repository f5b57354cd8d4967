from scenarios.estates.writing import *
