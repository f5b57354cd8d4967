from scenarios.estates.redacting import *
