from adapters.importing.json_rows import *
