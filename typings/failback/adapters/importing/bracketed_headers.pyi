from adapters.importing.bracketed_headers import *
