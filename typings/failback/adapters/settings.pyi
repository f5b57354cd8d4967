from adapters.settings import *
