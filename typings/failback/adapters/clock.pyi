from adapters.clock import *
