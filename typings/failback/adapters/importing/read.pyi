from adapters.importing.read import *
