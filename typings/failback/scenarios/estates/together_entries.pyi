from scenarios.estates.together_entries import *
