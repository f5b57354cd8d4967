from adapters.pace import *
