from adapters.importing.item_addresses import *
