from scenarios.estates.pseudonyms import *
