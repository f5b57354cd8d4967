from adapters.importing.machine_lists import *
