from adapters.hands import *
