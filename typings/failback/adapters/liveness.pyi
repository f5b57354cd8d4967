from adapters.liveness import *
