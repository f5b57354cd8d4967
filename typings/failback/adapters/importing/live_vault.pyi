from adapters.importing.live_vault import *
