from scenarios.estates.document import *
