from adapters.importing.tables import *
