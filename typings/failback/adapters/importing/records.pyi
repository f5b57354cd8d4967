from adapters.importing.records import *
