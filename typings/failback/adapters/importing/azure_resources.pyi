from adapters.importing.azure_resources import *
