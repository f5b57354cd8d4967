from adapters.importing.azure_machines import *
