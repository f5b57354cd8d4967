from scenarios.estates.unique_names import *
