from adapters.estate_vault import *
