from adapters.importing.saved_objects import *
