from adapters.importing import *
