from adapters.foreign import *
