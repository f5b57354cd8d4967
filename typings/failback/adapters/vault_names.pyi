from adapters.vault_names import *
